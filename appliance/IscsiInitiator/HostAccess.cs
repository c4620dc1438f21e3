using System.Net;
using VSan.Contracts.Api;
using VSan.Contracts.BlockServer;

namespace VSan.IscsiInitiator;

/// <summary>Everything that an initiator needs to reach one logical unit.</summary>
internal sealed record HostAccess(IPEndPoint Portal, string Target, string Initiator, int Lun, string? ChapUser = null, string? ChapSecret = null)
{
    /// <summary>How the host of a mapping reaches one leg.</summary>
    public static HostAccess Of(ConnectInfo info, ConnectLeg leg) =>
        new(IPEndPoint.Parse(leg.Portals[0]), leg.TargetName, info.InitiatorName, leg.Lun, leg.ChapUser, leg.ChapSecret);

    /// <summary>What the target must prove in turn (mutual CHAP); null: nothing is asked of it.</summary>
    public ChapCredential? TargetChap { get; init; }

    /// <summary>Header and data digests on every PDU (RFC 7143, 13.1).</summary>
    public bool Digests { get; init; }

    /// <summary>MaxConnections that the leading login offers (RFC 7143, 13.2).</summary>
    public int Connections { get; init; } = 1;

    /// <summary>The number behind the ISID's qualifier: the same again replaces the session (RFC 7143, 6.3.5); null for a random one.</summary>
    public uint? Isid { get; init; }
}
