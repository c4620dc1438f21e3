namespace VSan.Tests.Simulation;

/// <summary>Bugs that the simulator has to find: names of <c>Sabotage</c>, which only a build with <c>-p:Sabotage=true</c> carries.</summary>
internal static class PlantedBugs
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "skip-file-flush", "skip-growth-flush", "accept-older-generation", "forget-to-accept", "forget-removals", "describe-nothing",
        "reuse-luns", "wait-for-no-unit", "forget-answers", "release-twice", "undo-nothing", "forget-unfinished", "plan-ready-only",
        "raise-no-generation", "wait-for-absent", "leave-no-tombstone", "delete-legs-early",
    ];
}
