namespace VSan.Contracts.Api;

/// <summary>Rebuilds volumes, hosts and mappings from what the connected units keep beside their legs: <c>POST /pool:import</c>.</summary>
/// <param name="FormerCa">Certificate (PEM) of the CA of the station that is lost, when this one has another; null for none.</param>
/// <param name="DryRun">True: nothing is changed, the answer says what would be.</param>
public sealed record ImportRequest(string? FormerCa, bool? DryRun);

/// <summary>What was rebuilt, or would be.</summary>
/// <param name="DryRun">True: nothing was changed.</param>
/// <param name="Units">Names of the units that were asked.</param>
/// <param name="Volumes">Names of the volumes that were made again.</param>
/// <param name="Snapshots">Number of their snapshots.</param>
/// <param name="Hosts">Names of hosts that are known again. Their CHAP secrets are new.</param>
/// <param name="Mappings">Number of mappings.</param>
/// <param name="Notes">What was set aside and why, with the next action; one sentence each.</param>
public sealed record ImportReport(
    bool DryRun, IReadOnlyList<string> Units, IReadOnlyList<string> Volumes, int Snapshots, IReadOnlyList<string> Hosts, int Mappings, IReadOnlyList<string> Notes);
