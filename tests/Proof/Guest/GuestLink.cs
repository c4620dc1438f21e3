namespace VSan.Tests.Proof.Guest;

/// <summary>One network between the block server and the guest: a path of its own.</summary>
/// <param name="Tap">Its end in the network namespace, where the server listens.</param>
/// <param name="Interface">Its end in the guest.</param>
/// <param name="HostAddress">The server's address.</param>
/// <param name="GuestAddress">The guest's address.</param>
/// <param name="PrefixLength">Of both.</param>
/// <param name="PortalGroup">Tag of the portal group that is reached through it.</param>
internal sealed record GuestLink(string Tap, string Interface, string HostAddress, string GuestAddress, int PrefixLength, int PortalGroup)
{
    private const int Port = 3260;

    /// <summary>The portal as SendTargets tells it, and as a configuration has it.</summary>
    public string Portal => HostAddress.Contains(':', StringComparison.Ordinal) ? $"[{HostAddress}]:{Port},{PortalGroup}" : $"{HostAddress}:{Port},{PortalGroup}";
}
