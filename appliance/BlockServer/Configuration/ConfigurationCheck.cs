using System.Net;
using System.Text;
using VSan.Contracts.BlockServer;

namespace VSan.BlockServer.Configuration;

/// <summary>What is wrong with a configuration on its face, before anything is touched.</summary>
internal static class ConfigurationCheck
{
    private const int ErrorsShown = 5;
    private const int ChapSecretBytesMin = 12;
    private const int IscsiNameBytesMax = 223;
    private const int LunMax = 255;

    /// <summary>The first few errors as one sentence each; null when there is none.</summary>
    internal static string? FirstErrors(BlockServerConfiguration configuration)
    {
        List<string> errors = [.. Errors(configuration).Take(ErrorsShown)];
        return errors.Count == 0 ? null : string.Join("; ", errors);
    }

    private static IEnumerable<string> Errors(BlockServerConfiguration configuration)
    {
        // What JSON left out is null, whatever the types say.
        if (configuration.Portals is null || configuration.Volumes is null || configuration.Targets is null)
            return ["portals, volumes and targets must all be there, if only empty"];
        if (configuration.Generation < 1) return ["generation must be 1 or more"];
        return PortalErrors(configuration.Portals)
            .Concat(configuration.Volumes.SelectMany(VolumeErrors))
            .Concat(Duplicates(configuration.Volumes.Select(one => one.Id), "volume id"))
            .Concat(Duplicates(configuration.Volumes.Select(one => one.Naa?.ToUpperInvariant()), "NAA name"))
            .Concat(Duplicates(configuration.Volumes.Where(one => one.Path is not null).Select(one => one.Path), "volume path"))
            .Concat(TargetErrors(configuration))
            .Concat(DiscoveryErrors(configuration.Discovery));
    }

    private static IEnumerable<string> PortalErrors(IReadOnlyList<string> portals)
    {
        foreach (string portal in portals)
        {
            if (!PortalAddress.TryParse(portal, out PortalAddress? parsed))
                yield return $"portal '{portal}' is not ADDRESS:PORT or [ADDRESS]:PORT, with ,TAG behind it for a portal group other than 1";
            else if (parsed.EndPoint.Address.IsIPv6LinkLocal)
                yield return $"portal '{portal}' is link-local: SendTargets cannot tell an initiator the interface behind it; give a global or unique local address";
        }

        IEnumerable<IPEndPoint> fixedPorts = portals.Select(portal => PortalAddress.TryParse(portal, out PortalAddress? parsed) ? parsed.EndPoint : null)
            .OfType<IPEndPoint>().Where(endPoint => endPoint.Port != 0);
        foreach (string error in Duplicates(portals, "portal").Concat(Duplicates(fixedPorts, "portal address")).Distinct()) yield return error;
    }

    private static IEnumerable<string> VolumeErrors(VolumeConfiguration volume)
    {
        if (volume.BlockSizeBytes is not (512 or 4096))
        {
            yield return $"volume {volume.Id}: block size {volume.BlockSizeBytes} is neither 512 nor 4096";
            yield break;
        }

        if (volume.SizeBytes <= 0 || volume.SizeBytes % volume.BlockSizeBytes != 0)
            yield return $"volume {volume.Id}: {volume.SizeBytes} bytes are not one block or more of {volume.BlockSizeBytes}";
        if (volume.SoftThresholdPercent is < 0 or > 99)
            yield return $"volume {volume.Id}: a soft threshold of {volume.SoftThresholdPercent} % is not 0 to 99";
        if (volume.Limits is { MaxIops: < 1 } or { MaxBytesPerSecond: < 1 } or { BurstSeconds: < 1 or > 60 })
            yield return $"volume {volume.Id}: limits are 1 a second or more, with a burst of 1 to 60 seconds";
        if (volume.Kind is VolumeKind.File && !Path.IsPathRooted(volume.Path))
            yield return $"volume {volume.Id}: a file needs an absolute path";
        if (volume.Kind is VolumeKind.Device && volume.Path?.StartsWith("/dev/", StringComparison.Ordinal) is not true)
            yield return $"volume {volume.Id}: a device needs a path below /dev; one of /dev/disk/by-id stays with the disk";
        if (volume.DeviceIdentity is not null && volume.Kind is not VolumeKind.Device)
            yield return $"volume {volume.Id}: only a device has a deviceIdentity";
        if (volume.Naa is not { Length: 32 } || volume.Naa[0] != '6' || !volume.Naa.All(char.IsAsciiHexDigit))
            yield return $"volume {volume.Id}: the NAA name must be 32 hexadecimal digits, the first a 6";
        if (volume.SerialNumber is not { Length: > 0 and <= 64 } || !Ascii.IsValid(volume.SerialNumber))
            yield return $"volume {volume.Id}: the serial number must be 1 to 64 ASCII characters";
    }

    private static IEnumerable<string> TargetErrors(BlockServerConfiguration configuration)
    {
        HashSet<Guid> volumes = [.. configuration.Volumes.Select(one => one.Id)];
        HashSet<int> groups = [.. configuration.Portals.Select(portal => PortalAddress.TryParse(portal, out PortalAddress? parsed) ? parsed.GroupTag : 0)];
        foreach (TargetConfiguration target in configuration.Targets)
        {
            if (!IsIscsiName(target.Name)) yield return $"target '{target.Name}' is not an iSCSI name";
            foreach (int tag in target.PortalGroups?.Where(tag => !groups.Contains(tag)) ?? [])
                yield return $"target {target.Name}: no portal has the portal group tag {tag}";
            foreach (string error in StateErrors(target, groups)) yield return error;
            if (target.Access is null)
            {
                yield return $"target {target.Name}: access must be there, if only empty";
                continue;
            }

            foreach (string error in target.Access.SelectMany(access => AccessErrors(target.Name, access, volumes))) yield return error;
            foreach (string error in Duplicates(target.Access.Select(one => one.InitiatorName), $"initiator of {target.Name}")) yield return error;
        }

        foreach (string error in Duplicates(configuration.Targets.Select(one => one.Name), "target")) yield return error;
    }

    private static IEnumerable<string> StateErrors(TargetConfiguration target, HashSet<int> groups)
    {
        IReadOnlyList<PortalGroupState> states = target.PortalGroupStates ?? [];
        foreach (int tag in states.Select(one => one.PortalGroup).Where(tag => !groups.Contains(tag) || target.PortalGroups?.Contains(tag) == false))
            yield return $"target {target.Name}: a state is given for portal group {tag}, which does not offer it";
        foreach (string error in Duplicates(states.Select(one => one.PortalGroup), $"state of {target.Name} for portal group")) yield return error;
    }

    private static IEnumerable<string> AccessErrors(string target, AccessConfiguration access, HashSet<Guid> volumes)
    {
        string who = $"target {target}, initiator {access.InitiatorName}";
        if (access.InitiatorName != "*" && !IsIscsiName(access.InitiatorName)) yield return $"{who}: not an iSCSI name in lower case";
        foreach (string error in ChapErrors(who, access.Chap, access.TargetChap)) yield return error;
        if (access.LogicalUnits is null)
        {
            yield return $"{who}: logicalUnits must be there, if only empty";
            yield break;
        }

        foreach (LogicalUnitConfiguration lun in access.LogicalUnits)
        {
            if (lun.Lun is < 0 or > LunMax) yield return $"{who}: LUN {lun.Lun} is not 0 to {LunMax}";
            if (!volumes.Contains(lun.VolumeId)) yield return $"{who}: LUN {lun.Lun} names volume {lun.VolumeId}, which is not there";
        }

        foreach (string error in Duplicates(access.LogicalUnits.Select(one => one.Lun), $"LUN of {who}")) yield return error;
    }

    private static IEnumerable<string> DiscoveryErrors(DiscoveryConfiguration? discovery)
    {
        if (discovery is null) return [];
        if (discovery.Chap is null) return ["discovery: chap must be there, or discovery left away"];
        return ChapErrors("discovery", discovery.Chap, discovery.TargetChap);
    }

    private static IEnumerable<string> ChapErrors(string who, ChapCredential? chap, ChapCredential? targetChap)
    {
        foreach (ChapCredential one in new[] { chap, targetChap }.OfType<ChapCredential>())
        {
            if (string.IsNullOrEmpty(one.UserName) || !IsSecret(one.Secret) || (one.FormerSecret is { } former && !IsSecret(former)))
                yield return $"{who}: CHAP needs a user name and a secret of {ChapSecretBytesMin} ASCII characters or more";
        }

        if (targetChap is not null && chap is null)
            yield return $"{who}: the target proves itself only to an initiator that does, so targetChap needs chap";
        if (SecretsOf(chap).Intersect(SecretsOf(targetChap)).Any())
            yield return $"{who}: both directions have one CHAP secret, so that either side could prove the other's part (RFC 7143, 9.2.1)";
    }

    private static bool IsSecret(string? secret) => secret is { Length: >= ChapSecretBytesMin } && Ascii.IsValid(secret);

    private static IEnumerable<string> SecretsOf(ChapCredential? chap) => new[] { chap?.Secret, chap?.FormerSecret }.OfType<string>();

    // RFC 7143, 4.2.7.1 and RFC 3722: after preparation only these characters are left.
    private static bool IsIscsiName(string? name)
        => name is { Length: > 4 and <= IscsiNameBytesMax }
            && (name.StartsWith("iqn.", StringComparison.Ordinal) || name.StartsWith("eui.", StringComparison.Ordinal) || name.StartsWith("naa.", StringComparison.Ordinal))
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or ':');

    // Most lists here are of one, by the thousand.
    private static IEnumerable<string> Duplicates<T>(IEnumerable<T> values, string what) => values.TryGetNonEnumeratedCount(out int count) && count < 2
        ? []
        : values.GroupBy(value => value).Where(group => group.Count() > 1).Select(group => $"{what} {group.Key} occurs {group.Count()} times");
}
