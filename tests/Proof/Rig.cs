namespace VSan.Tests.Proof;

/// <summary>One rig: its verb, what it counts, and the way to run it.</summary>
/// <param name="Verb">The word after <c>./dev</c>.</param>
/// <param name="CountName">The option that says how much.</param>
/// <param name="CountDefault">How much without it.</param>
/// <param name="RunAsync">Runs it; the writer gets lines for people on the way.</param>
internal sealed record Rig(string Verb, string CountName, long CountDefault, Func<ProofOptions, TextWriter, Task<Verdict>> RunAsync)
{
    public static IReadOnlyList<Rig> All { get; } =
    [
        new("crash", "--states", 200, Crash.CrashRig.RunAsync),
        new("kill", "--rounds", 20, Kill.KillRig.RunAsync),
        new("ghost", "--rounds", 10, Ghost.GhostRig.RunAsync),
        new("abort", "--rounds", 50, Abort.AbortRig.RunAsync),
        new("caw", "--increments", 20_000, CompareAndWrite.CounterRig.RunAsync),
        new("flips", "--rounds", 50, Flips.FlipsRig.RunAsync),
        new("aptpl", "--rounds", 100, Reservations.AptplRig.RunAsync),
        new("guest", "--rounds", 2, Guest.GuestRig.RunAsync),
    ];
}
