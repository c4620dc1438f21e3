using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using VSan.Contracts.Enrolment;

namespace VSan.UnitAgent.Enrolment;

/// <summary>Describes this machine for the station.</summary>
internal static class StartupPacketBuilder
{
    private const string BootIdPath = "/proc/sys/kernel/random/boot_id";
    private const string SerialNumberPath = "/sys/class/dmi/id/product_serial";

    /// <summary>Identity of the present boot.</summary>
    public static Guid BootId() => Guid.Parse(File.ReadAllText(BootIdPath));

    /// <summary>Builds the packet; with a token, the proof of knowing it.</summary>
    public static StartupPacket Build(MemberIdentity identity, string systemName, EnrolmentToken? token, CaFingerprint authority)
    {
        NetworkInterface[] cards = [.. NetworkInterface.GetAllNetworkInterfaces().Where(card => card.OperationalStatus == OperationalStatus.Up)];
        StartupPacket packet = new(
            MemberKind.Unit,
            identity.MemberId,
            systemName,
            SerialNumber(),
            BootId(),
            SoftwareVersion.Present,
            [.. cards.SelectMany(Addresses)],
            [.. cards.Where(card => card.NetworkInterfaceType != NetworkInterfaceType.Loopback).Select(Describe)],
            identity.CertificateRequest(),
            Proof: null);
        return token is null
            ? packet
            : packet with { Proof = new TokenProof(token.Id, EnrolmentTranscript.Mac(token.ProofKey(), packet, authority)) };
    }

    private static IEnumerable<string> Addresses(NetworkInterface card) =>
        from address in card.GetIPProperties().UnicastAddresses.Select(unicast => unicast.Address)
        where address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6
        where !address.IsIPv6LinkLocal && !IPAddress.IsLoopback(address)
        select address.ToString();

    private static NetworkCard Describe(NetworkInterface card) => new(
        card.Name,
        string.Join(':', card.GetPhysicalAddress().GetAddressBytes().Select(part => part.ToString("x2"))),
        // Speed is -1 where the driver does not know it.
        Math.Max(0, card.Speed / 1_000_000));

    private static string SerialNumber()
    {
        try
        {
            return File.ReadAllText(SerialNumberPath).Trim();
        }
        catch (Exception absence) when (absence is IOException or UnauthorizedAccessException)
        {
            // Virtual machines and containers often have none, and only root may read it.
            return string.Empty;
        }
    }
}
