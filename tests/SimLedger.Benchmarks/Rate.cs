namespace SimLedger.Benchmarks;

/// <summary>How fast a slice went and what it cost, in microseconds of processor time for each thing done.</summary>
/// <param name="PerSecond">By the clock on the wall.</param>
/// <param name="Caller">Of who asked.</param>
/// <param name="Server">Of SimLedger where it is a process of its own, or several; 0 where it is the caller's.</param>
/// <param name="Postgres">Of all processes of PostgreSQL.</param>
internal readonly record struct Rate(double PerSecond, double Caller, double Server, double Postgres)
{
    public double Microseconds => Caller + Server + Postgres;
}
