using System.Text.Json;
using SimLedger.Rules;

namespace SimLedger.Server.Jobs;

/// <summary>A job, as every answer shows it.</summary>
internal static class JobJson
{
    public static void WriteMembers(Utf8JsonWriter json, Job job)
    {
        json.WriteString("jobId", job.Id);
        json.WriteString("kind", job.Kind);
        json.WriteString("subject", job.Subject);
        json.WriteString("state", EnumNames.Of(job.State));
        json.WriteBoolean("cancelling", job.Cancelling && !job.IsFinished);
        json.WriteNumber("done", job.Done);
        if (job.Total is { } total) json.WriteNumber("total", total);
        else json.WriteNull("total");
        json.WriteNumber("failed", job.Failed);
        json.WriteString("actor", job.Actor);
        json.WriteString("createdAt", job.CreatedAt.UtcDateTime);
        Moment("startedAt", job.StartedAt);
        Moment("finishedAt", job.FinishedAt);
        json.WriteString("problem", job.Problem);
        json.WriteString("result", job.State is JobState.Succeeded ? $"{Address(job.Id)}/result" : null);

        void Moment(string name, DateTimeOffset? at)
        {
            if (at is { } moment) json.WriteString(name, moment.UtcDateTime);
            else json.WriteNull(name);
        }
    }

    public static string Address(Guid id) => $"/v1/jobs/{id:D}";
}
