using VSan.Contracts.BlockServer;
using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Reconcile;

/// <summary>Turns an accepted document into what the block server is to serve. Pure.</summary>
internal static class ServingPlan
{
    /// <summary>Builds the block server's configuration.</summary>
    /// <param name="document">The accepted document.</param>
    /// <param name="secrets">Its CHAP secrets.</param>
    /// <param name="portals">Addresses to listen on.</param>
    /// <param name="images">Files of the legs that can be served; a leg that is not here is shown to nobody.</param>
    /// <exception cref="KeyNotFoundException">A secret is not there: the host must not be let in without it.</exception>
    public static BlockServerConfiguration Build(
        UnitConfiguration document,
        IReadOnlyDictionary<string, string> secrets,
        IReadOnlyList<string> portals,
        IReadOnlyDictionary<Guid, string> images) =>
        new(
            document.Generation,
            portals,
            [.. from leg in document.Legs where images.ContainsKey(leg.LegId) select Volume(leg, images[leg.LegId])],
            [.. from target in document.Targets select new TargetConfiguration(target.Name, [.. from access in target.Access select Access(access, secrets, images)])]);

    private static VolumeConfiguration Volume(LegSpec leg, string image) =>
        new(leg.LegId, VolumeKind.File, image, leg.SizeBytes, leg.BlockSizeBytes, leg.Thin, WriteCache: true, leg.Naa, leg.SerialNumber) { Limits = leg.Limits };

    private static AccessConfiguration Access(AccessSpec access, IReadOnlyDictionary<string, string> secrets, IReadOnlyDictionary<Guid, string> images) =>
        new(
            access.InitiatorName,
            Credential(access.ChapUser, access.ChapSecretReference, access.ChapFormerSecretReference, secrets),
            [.. from lun in access.Luns where images.ContainsKey(lun.LegId) select new LogicalUnitConfiguration(lun.Lun, lun.LegId, lun.ReadOnly)],
            Credential(access.TargetChapUser, access.TargetChapSecretReference, access.TargetChapFormerSecretReference, secrets));

    private static ChapCredential? Credential(string? user, string? reference, string? former, IReadOnlyDictionary<string, string> secrets) =>
        user is null || reference is null ? null : new ChapCredential(user, secrets[reference]) { FormerSecret = former is null ? null : secrets[former] };
}
