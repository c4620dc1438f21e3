using VSan.Contracts.Api;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Volumes;

/// <summary>What Volumes shows.</summary>
/// <param name="Page">The volumes.</param>
/// <param name="Filter">The name that was asked for, or null.</param>
/// <param name="Hosts">The hosts that a new volume can be for.</param>
/// <param name="Rights">Which controls the person is shown.</param>
/// <param name="Form">The form for a new volume, as the person left it.</param>
/// <param name="Now">The time on the page.</param>
public sealed record VolumesModel(VolumePage Page, string? Filter, IReadOnlyList<Host> Hosts, Rights Rights, NewVolumeForm Form, DateTimeOffset Now);

/// <summary>What the confirmation of a deletion shows.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Problem">Why the last attempt was refused, or null.</param>
public sealed record DeleteVolumeModel(Volume Volume, Problem? Problem);
