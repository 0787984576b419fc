using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Planning;

/// <summary>All that can decide how a line fares from here on, as numbers: two lines with equal keys, on one ground, have the same schedules before them.</summary>
internal sealed class StateKey : IEquatable<StateKey>
{
    private readonly long[] numbers;
    private readonly int hash;

    private StateKey(long[] numbers)
    {
        this.numbers = numbers;
        var sum = new HashCode();
        foreach (var number in numbers) sum.Add(number);
        hash = sum.ToHashCode();
    }

    public override int GetHashCode() => hash;

    public override bool Equals(object? obj) => Equals(obj as StateKey);

    public bool Equals(StateKey? other) => other is not null && hash == other.hash && numbers.AsSpan().SequenceEqual(other.numbers);

    /// <summary>Makes the keys of one ground.</summary>
    internal sealed class Maker(PlanGround ground)
    {
        private readonly Dictionary<string, int> clocks = [];
        private readonly Dictionary<Entry, int> payments = [];
        private readonly List<long> numbers = [];

        public StateKey Of(LinePast past, int day, bool acted, bool isLate)
        {
            numbers.Clear();
            numbers.Add(((long)day << 2) + (acted ? 2 : 0) + (isLate ? 1 : 0));
            var state = past.State;
            var (first, othersToo) = state.Governed;
            numbers.Add(((long)VersionNumber(first) << 1) + (othersToo ? 1 : 0));
            numbers.Add(((long)state.Clocks.Count << 1) + (state.Balance is null ? 0 : 1));
            foreach (var run in state.Clocks)
            {
                // All else that a clock carries it took over from its version.
                numbers.Add(((long)NumberOf(clocks, run.Id) << 32) + ((long)VersionNumber(run.Version) << 1) + (run.Stopped ? 1 : 0));
                var end = Math.Min(ground.Days.NumberOf(run.End), ground.Beyond);
                numbers.Add(((long)end << 32) + (run.AutoExtend is null ? 0 : run.AutomaticMoves));
                numbers.Add(end == ground.Beyond ? 0 : run.Deadline.ToUnixTimeTicks());
            }

            AddBalance(state);
            AddPayments(past, day);
            return new StateKey([.. numbers]);
        }

        // Two balances are alike if filters cannot tell them apart and as many automatic extensions can be paid from them.
        private void AddBalance(LineState state)
        {
            if (state.Balance is not { } balance) return;

            foreach (var step in ground.Continuation.BalanceSteps) numbers.Add(balance.CompareTo(step));
            if (!ground.Continuation.ProlongsItself) return;

            foreach (var run in state.Clocks) numbers.Add(state.BalanceAt <= state.DeadlineOf(run) ? 1 : 0);
            var left = MoneySum.Subtract(balance, state.Deducted);
            if (ground.Continuation.Deductions is [var (least, deduct)] && deduct > 0)
            {
                Add(left < least ? 0 : decimal.Floor((left - least) / deduct) + 1);
            }
            else
            {
                Add(left);
            }
        }

        // Where only a month's top-ups are counted, what they add up to says it all.
        private void AddPayments(LinePast past, int day)
        {
            if (ground.Continuation.Windows.Count == 0)
            {
                if (ground.MonthLimitFrom(day) is not { } limit) return;

                var sum = 0m;
                foreach (var (taken, _) in past.Payments)
                {
                    if (taken.Entry.Type is EntryType.TopUp && (taken.Entry.Currency ?? ground.Product.Currency) == ground.Product.Currency)
                    {
                        sum = MoneySum.Add(sum, taken.Entry.Amount.GetValueOrDefault());
                    }
                }

                if (sum != 0) Add(Math.Min(sum, limit)); // From there on every further one is too much.
                return;
            }

            foreach (var (taken, balance) in past.Payments)
            {
                numbers.Add(((long)NumberOf(payments, taken.Entry with { Id = "", At = default }) << 32) + ground.Days.NumberOf(taken.On));
                if (ground.Continuation.BalanceSteps.Count > 0) Add(balance ?? decimal.MinValue);
            }
        }

        private void Add(decimal amount)
        {
            Span<int> bits = stackalloc int[4];
            decimal.GetBits(amount, bits);
            numbers.Add(((long)bits[0] << 32) + (uint)bits[1]);
            numbers.Add(((long)bits[2] << 32) + (uint)bits[3]);
        }

        private int VersionNumber(RuleVersion? version)
        {
            var rules = ground.Product.Rules;
            for (var i = 0; i < rules.Count; i++)
            {
                if (ReferenceEquals(rules[i], version)) return i + 1;
            }

            return 0;
        }

        private static int NumberOf<T>(Dictionary<T, int> known, T value) where T : notnull
        {
            if (!known.TryGetValue(value, out var number)) known.Add(value, number = known.Count);
            return number;
        }
    }
}
