using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>Members that changes of state share.</summary>
internal static class ChangeRequest
{
    /// <summary>Since when, by which channel, from which source, under which number.</summary>
    public static TChange Told<TChange>(RequestBody body, TChange change) where TChange : CardCommand.Change => change with
    {
        At = body.Time("at"),
        OrderNumber = body.Text("orderNumber"),
        Channel = body.Text("channel"),
        Source = body.Text("source"),
    };
}
