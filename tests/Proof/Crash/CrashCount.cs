namespace VSan.Tests.Proof.Crash;

/// <summary>What states have shown, added up.</summary>
internal sealed record CrashCount(long States, long Lost, long MountFailures, long Foreign)
{
    public static CrashCount Zero { get; } = new(0, 0, 0, 0);

    public static CrashCount OneState { get; } = new(1, 0, 0, 0);

    public long Faults => Lost + MountFailures + Foreign;

    public static CrashCount operator +(CrashCount one, CrashCount other) =>
        new(one.States + other.States, one.Lost + other.Lost, one.MountFailures + other.MountFailures, one.Foreign + other.Foreign);

    public static CrashCount Add(CrashCount left, CrashCount right) => left + right;

    public override string ToString() => $"{Lost} lost, {MountFailures} mount failures, {Foreign} foreign";
}
