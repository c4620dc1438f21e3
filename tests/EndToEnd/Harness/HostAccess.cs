using System.Net;

namespace VSan.Tests.EndToEnd.Harness;

/// <summary>Everything that an initiator needs to reach one logical unit.</summary>
internal sealed record HostAccess(IPEndPoint Portal, string Target, string Initiator, int Lun, string? ChapUser = null, string? ChapSecret = null)
{
    /// <summary>What the target must prove in turn (mutual CHAP); null: nothing is asked of it.</summary>
    public VSan.Contracts.BlockServer.ChapCredential? TargetChap { get; init; }
}
