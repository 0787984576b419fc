using NodaTime;
using NodaTime.Text;
using SimLedger.Cards;

namespace SimLedger.Server.Importing;

/// <summary>What a row says, cell by cell, as far as it can be read; the rest is noted with its column, value and cure.</summary>
public sealed record RowReading
{
    private const int ShownCharacters = 80;
    private const string WithoutIt = " The row is imported without it.";

    public string? Number { get; private init; }

    public string? Iccid { get; private init; }

    public FormFactor? FormFactor { get; private init; }

    public string? Carrier { get; private init; }

    public string? Product { get; private init; }

    public LocalDate? ActivatedOn { get; private init; }

    public LocalDate? LastTopUpOn { get; private init; }

    public decimal? LastTopUpAmount { get; private init; }

    public string? Currency { get; private init; }

    public LocalDate? ExpiresOn { get; private init; }

    public decimal? Balance { get; private init; }

    public LocalDate? BalanceOn { get; private init; }

    public string? Owner { get; private init; }

    public string? Location { get; private init; }

    public string? Purpose { get; private init; }

    public Importance? Importance { get; private init; }

    public IReadOnlyList<string>? Tags { get; private init; }

    public string? Notes { get; private init; }

    /// <summary>Why the row as a whole cannot go in; null: it can.</summary>
    public RowNote? Refusal { get; private init; }

    public IReadOnlyList<RowNote> Warnings { get; private init; } = [];

    private FleetRow? Row { get; init; }

    /// <summary>A cell as written; empty where there is none.</summary>
    public string Cell(string column) => Row?[column] ?? "";

    public static RowReading Of(FleetRow row)
    {
        var cells = new Cells(row);
        var number = row["number"] is { } numberText && E164.TryRead(numberText, out var e164, out var numberProblem) ? e164 : null;
        if (row["number"] is { } wrong && number is null)
        {
            _ = E164.TryRead(wrong, out _, out numberProblem);
            return new RowReading { Refusal = new RowNote("number", Shown(wrong), numberProblem!.Message, numberProblem.Cure) };
        }
        var iccid = cells.Read("iccid", text => (Cards.Iccid.TryRead(text, out var read, out var problem) ? read : null, problem));
        if (number is null && iccid is null)
        {
            return new RowReading { Refusal = cells.Notes.FirstOrDefault() ?? new RowNote("", "", "The row has neither a number nor an ICCID.", "Give at least one of them.") };
        }
        if (number is null) cells.Note("number", "The number is missing.", "The card is imported by its ICCID; add the number.");
        if (row["iccid"] is null) cells.Note("iccid", "The ICCID is missing.", "The card is found by its number; add the ICCID from the SIM or the carrier's app.");
        if (row["carrier"] is null) cells.Note("carrier", "The carrier is missing.", "The line is on the due list as something to settle until the carrier is known.");

        var reading = new RowReading
        {
            Row = row,
            Number = number,
            Iccid = iccid,
            FormFactor = cells.Word("form_factor", ("physical", Cards.FormFactor.Physical), ("esim", Cards.FormFactor.Esim)),
            Carrier = cells.Text("carrier", FreeText.Carrier),
            Product = cells.Text("product", FreeText.Product),
            ActivatedOn = cells.Date("activated_on"),
            LastTopUpOn = cells.Date("last_topup_on"),
            LastTopUpAmount = cells.Amount("last_topup_amount"),
            Currency = cells.Read("currency", text => (Money.TryReadCurrency(text, out var read, out var problem) ? read : null, problem)),
            ExpiresOn = cells.Date("expires_on"),
            Balance = cells.Amount("balance"),
            BalanceOn = cells.Date("balance_on"),
            Owner = cells.Text("owner", FreeText.Person),
            Location = cells.Text("location", FreeText.Location),
            Purpose = cells.Text("purpose", FreeText.Purpose),
            Importance = cells.Word("importance", ("normal", Cards.Importance.Normal), ("high", Cards.Importance.High), ("critical", Cards.Importance.Critical)),
            Tags = cells.Tags(),
            Notes = cells.Text("notes", FreeText.Notes),
        };
        cells.Pair("last_topup_on", "last_topup_amount", "The top-up has a day but no amount", "The top-up has an amount but no day");
        cells.Pair("balance_on", "balance", "There is a balance day but no balance", "There is a balance but no day");
        return reading with { Warnings = cells.Notes };
    }

    /// <summary>A cell as people are shown it: cut, not within a character, and without NUL, which most programs cannot keep.</summary>
    internal static string Shown(string value)
    {
        var whole = value.Replace('\0', '\uFFFD');
        return whole.Length <= ShownCharacters ? whole : whole[..(char.IsHighSurrogate(whole[ShownCharacters - 1]) ? ShownCharacters - 1 : ShownCharacters)] + "…";
    }

    /// <summary>The cells of a row and what was found wrong with them.</summary>
    private sealed class Cells(FleetRow row)
    {
        public List<RowNote> Notes { get; } = [];

        public void Note(string column, string what, string cure) => Notes.Add(new RowNote(column, Shown(row[column] ?? ""), what, cure));

        public T? Read<T>(string column, Func<string, (T? Value, ValueProblem? Problem)> read)
        {
            if (row[column] is not { } text) return default;
            var (value, problem) = read(text);
            if (problem is not null) Note(column, problem.Message, problem.Cure + WithoutIt);
            return value;
        }

        public string? Text(string column, int longest) =>
            Read(column, text => (FreeText.TryRead(text, longest, out var problem) ? text : null, problem));

        public decimal? Amount(string column) =>
            Read<decimal?>(column, text => (Money.TryReadAmount(text, out var amount, out var problem) ? amount : null, problem));

        public LocalDate? Date(string column) => Read<LocalDate?>(column, text =>
            text.Length == 10 && LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date)
                ? (date, null)
                : (null, new ValueProblem(ValueCode.DateMalformed, "This is not a date that exists, written year-month-day.", "Write it as 2026-11-21.")));

        public T? Word<T>(string column, params (string Word, T Value)[] words) where T : struct => Read<T?>(column, text =>
        {
            foreach (var (word, value) in words)
            {
                if (word.Equals(text, StringComparison.OrdinalIgnoreCase)) return (value, null);
            }
            var known = string.Join(", ", words.Select(w => w.Word));
            return (null, new ValueProblem(ValueCode.ValueUnknown, $"It is none of {known}.", $"Write one of {known}, or leave it empty."));
        });

        public IReadOnlyList<string>? Tags() => Read<IReadOnlyList<string>>("tags", text =>
        {
            var tags = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();
            return tags.Count <= FreeText.MostTags && tags.All(tag => FreeText.TryRead(tag, FreeText.Tag, out _))
                ? (tags, null)
                : (null, new ValueProblem(ValueCode.TextUnusable, $"At most {FreeText.MostTags} tags of {FreeText.Tag} characters each are kept.", "Shorten them; separate them by semicolons."));
        });

        public void Pair(string day, string amount, string withoutAmount, string withoutDay)
        {
            if (row[day] is not null && row[amount] is null) Note(day, $"{withoutAmount}; it is not recorded.", "Add what is missing, or clear the cell.");
            if (row[day] is null && row[amount] is not null) Note(amount, $"{withoutDay}; it is not recorded.", "Add what is missing, or clear the cell.");
        }
    }
}
