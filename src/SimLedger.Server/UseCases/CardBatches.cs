using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST to an address that ends with :batch: many commands at once, each read, carried out, kept and answered as if it had come alone.</summary>
internal sealed class CardBatches(CardRequests requests, HeldNames names, TimeProvider clock, ILogger<CardBatches> log)
{
    /// <summary>Items of a batch.</summary>
    public const int MostItems = 1000;

    /// <summary>Largest body of a batch, in bytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Items are two levels down.</summary>
    private const int MaxDepth = RequestBody.MaxDepth + 2;

    /// <summary>Items under way at once: enough to fill commit batches, and few of the places that an organisation has in the queue.</summary>
    private const int AtOnce = 64;

    /// <param name="read">Reads the command from an item, as from the body of the single request.</param>
    /// <param name="createsCards">Else each item names its card.</param>
    public async Task Handle(HttpContext http, Func<RequestBody, CardCommand?> read, bool createsCards)
    {
        if (await TryHandle(http, read, createsCards) is { } problem) await problem.ExecuteAsync(http);
    }

    private async Task<Problem?> TryHandle(HttpContext http, Func<RequestBody, CardCommand?> read, bool createsCards)
    {
        if (new RequestQuery(http.Request).Finish() is { } query) return query;
        var (headers, malformed) = await CommandHeaders.Read(http);
        if (headers is null) return malformed;
        if (http.Request.Headers.IfMatch.Count > 0)
        {
            return new Problem(ProblemKind.InvalidRequest, "A batch is about many cards, each with a version of its own. Leave If-Match out.", [new MemberError("If-Match", ValueCode.HeaderMalformed, "It is not taken here.")]);
        }
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MaxBytes;
        var (body, _, unreadable) = await RequestBody.Read(http.Request, MaxBytes, MaxDepth, http.RequestAborted);
        if (body is null) return unreadable;
        body.Need("items");
        var sent = body.Batch("items", MostItems);
        if (body.Finish() is { } wrong) return wrong;

        var items = sent!.Select((item, index) => Read(http.Request, index, item.Body, item.Bytes, read, createsCards)).ToList();
        var caller = Caller.Of(http);
        var replies = await CarryOut(caller.Tenant, caller.Audit(http, headers.Reason), headers.Key, items, createsCards, http.RequestAborted);
        await JsonText.Answer(http, StatusCodes.Status207MultiStatus, json =>
        {
            json.WriteStartArray("items");
            for (var index = 0; index < replies.Length; index++) Write(json, http, index, replies[index], createsCards);
            json.WriteEndArray();
        });
        return null;
    }

    private sealed record Reply(CommandOutcome.Done? Done, Problem? Problem);

    private static BatchItem Read(HttpRequest request, int index, RequestBody body, ReadOnlyMemory<byte> bytes, Func<RequestBody, CardCommand?> read, bool createsCards)
    {
        if (bytes.Length > RequestBody.MaxBytes)
        {
            return new BatchItem(index, default, null, null, null, new Problem(ProblemKind.BodyTooLarge, $"The item is larger than {RequestBody.MaxBytes} bytes, the most that a command may have."));
        }
        var hash = CommandRequest.Hash(request, bytes.Span);
        return createsCards ? BatchItem.OfNewCard(index, body, hash, read) : BatchItem.OfCard(index, body, hash, read);
    }

    private async Task<Reply[]> CarryOut(TenantId tenant, AuditContext audit, string key, List<BatchItem> items, bool createsCards, CancellationToken cancel)
    {
        var replies = new Reply[items.Count];
        foreach (var item in items.Where(item => item.Problem is not null)) replies[item.Index] = new Reply(null, item.Problem);

        var named = items.Where(item => item.Problem is null).Select(item => item.Named).OfType<Ledger.Reservation>().Distinct().ToList();
        var holders = named.Count == 0 ? new Dictionary<Ledger.Reservation, Guid>() : await names.Holders(tenant, named, cancel);
        // A name that nobody holds leads to a card that does not exist: it is refused as one, unless the key tells of an earlier answer.
        var aimed = items.Where(item => item.Problem is null)
            .Select(item => (Item: item, CardId: item.CardId ?? (item.Named is { } name && holders.TryGetValue(name, out var holder) ? holder : Guid.CreateVersion7(clock.GetUtcNow())))).ToList();

        await Parallel.ForEachAsync(InOrder(aimed), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (group, stop) =>
        {
            foreach (var (item, cardId) in group)
            {
                var context = new CommandContext(tenant, audit, new RequestKey(item.KeyUnder(key), item.Hash));
                replies[item.Index] = await CarryOut(context, item, cardId, createsCards, stop);
            }
        });
        return replies;
    }

    private async Task<Reply> CarryOut(CommandContext context, BatchItem item, Guid cardId, bool createsCards, CancellationToken cancel)
    {
        try
        {
            var (done, problem) = await requests.CarryOut(context, cardId, item.On, createsCards, cancel);
            return new Reply(done, problem);
        }
        catch (Exception error) when (error is NpgsqlException { IsTransient: true } or TimeoutException)
        {
            log.LogWarning("The database could not be reached for an item of a batch ({Error}).", error.Message);
            return new Reply(null, new Problem(ProblemKind.DatabaseUnavailable, "Repeat the batch with the same idempotency key in a while.") { RetryAfter = TimeSpan.FromSeconds(2) });
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The others have nothing to do with it.
            log.LogError(error, "An item of a batch failed in an unforeseen way.");
            return new Reply(null, new Problem(ProblemKind.Internal, "The error is logged. Repeating the batch with the same idempotency key is safe."));
        }
    }

    /// <summary>Items that have a subject in common are one group, in their order; groups go side by side.</summary>
    private static List<List<(BatchItem Item, Guid CardId)>> InOrder(IReadOnlyList<(BatchItem Item, Guid CardId)> items)
    {
        var groupOf = new Dictionary<string, List<(BatchItem Item, Guid CardId)>>(StringComparer.Ordinal);
        var groups = new HashSet<List<(BatchItem Item, Guid CardId)>>(ReferenceEqualityComparer.Instance);
        foreach (var item in items)
        {
            var subjects = item.Item.Subjects(item.CardId).ToList();
            var met = subjects.Select(subject => groupOf.GetValueOrDefault(subject)).OfType<List<(BatchItem Item, Guid CardId)>>().Distinct(ReferenceEqualityComparer.Instance).Cast<List<(BatchItem Item, Guid CardId)>>().ToList();
            var group = met.Count > 0 ? met[0] : [];
            // An item may bring groups together that had nothing in common before it.
            foreach (var other in met.Skip(1))
            {
                group.AddRange(other);
                groups.Remove(other);
                foreach (var subject in groupOf.Where(known => ReferenceEquals(known.Value, other)).Select(known => known.Key).ToList()) groupOf[subject] = group;
            }
            group.Add(item);
            group.Sort((one, two) => one.Item.Index.CompareTo(two.Item.Index));
            groups.Add(group);
            foreach (var subject in subjects) groupOf[subject] = group;
        }
        return [.. groups];
    }

    private static void Write(Utf8JsonWriter json, HttpContext http, int index, Reply reply, bool createsCards)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        if (reply.Done is { } done)
        {
            json.WriteNumber("status", createsCards ? StatusCodes.Status201Created : StatusCodes.Status200OK);
            json.WriteBoolean("replayed", done.Replayed);
            json.WritePropertyName("body");
            CommandAnswer.WriteTo(json, done);
        }
        else
        {
            json.WriteNumber("status", reply.Problem!.Kind.Status);
            if (reply.Problem.RetryAfter is { } wait) json.WriteNumber("retryAfter", (int)Math.Ceiling(wait.TotalSeconds));
            json.WriteStartObject("problem");
            reply.Problem.WriteMembers(json, http);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
