namespace SimLedger.Rules;

public enum ContactKind { Site, App, Hotline, Store }

/// <summary>Where the carrier can be reached.</summary>
/// <param name="Value">Address of the site, name of the app, number of the hotline, place of the store.</param>
/// <param name="Hours">Opening hours in words; null: not known.</param>
public sealed record Contact(ContactKind Kind, string Value, string? Hours);
