using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>Members of a line that comes onto a card.</summary>
internal static class LineRequest
{
    public static NewLine Read(RequestBody line, TimeProvider clock) => new(Guid.CreateVersion7(clock.GetUtcNow()))
    {
        Number = line.Text("number"),
        Product = line.Text("product"),
        Region = line.Text("region"),
        ActivatedOn = line.Date("activatedOn"),
    };
}
