namespace VSan.UnitAgent.Updating;

/// <summary>How often this unit was started again for a version: kept over the starts, so that a boot loader that never takes it is noticed.</summary>
/// <param name="Version">The version.</param>
/// <param name="Restarts">How often.</param>
internal sealed record TrialNotes(string Version, int Restarts);
