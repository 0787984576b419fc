namespace SimLedger.Rules.Doubts;

/// <summary>The entries a trigger can mean at all, whatever the history was: enough to tell that two triggers never mean the same one.</summary>
internal sealed class TriggerScope
{
    private readonly Trigger trigger;
    private readonly HashSet<string>? channels;
    private readonly HashSet<string>? offers;
    private readonly HashSet<UsageKind>? usageKinds;

    public TriggerScope(Trigger trigger, IReadOnlyList<Channel> known)
    {
        this.trigger = trigger;
        offers = trigger.Where?.Offers?.ToHashSet();
        usageKinds = trigger.Where?.UsageKinds?.ToHashSet();
        channels = trigger.Where?.Channels?.ToHashSet();
        channels?.UnionWith(known.Where(channel => channels.Contains(EnumNames.Of(channel.Kind))).Select(channel => channel.Code).ToArray());
    }

    /// <summary>False: no entry ever matches. A void takes no part in anything, and of an empty list nothing is one.</summary>
    public bool CanMatch => trigger.On is not EntryType.Voided && channels is not { Count: 0 } && offers is not { Count: 0 } && usageKinds is not { Count: 0 };

    /// <summary>Whether one entry may match both.</summary>
    public bool CanMeet(TriggerScope other)
    {
        if (trigger.On != other.trigger.On || !CanMatch || !other.CanMatch) return false;
        if (trigger.Where is not { } a || other.trigger.Where is not { } b) return true;

        return !(a.MinAmount > b.MaxAmount) && !(b.MinAmount > a.MaxAmount)
            && (a.Direction is null || b.Direction is null || a.Direction == b.Direction)
            && (a.Chargeable is null || b.Chargeable is null || a.Chargeable == b.Chargeable)
            && Share(usageKinds, other.usageKinds)
            && Share(offers, other.offers)
            && Share(channels, other.channels);
    }

    private static bool Share<T>(HashSet<T>? a, HashSet<T>? b) => a is null || b is null || a.Overlaps(b);
}
