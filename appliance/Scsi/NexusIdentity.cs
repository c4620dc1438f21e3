using System.Globalization;

namespace VSan.Scsi;

/// <summary>Who is at both ends of an I_T nexus, the same after a new login and a new start: what a registration belongs to.</summary>
/// <param name="InitiatorName">iSCSI name; with <paramref name="Isid"/> the initiator port (RFC 7143, 4.2.7.1 and 10.1).</param>
/// <param name="Isid">48 bits.</param>
/// <param name="TargetName">The SCSI target device.</param>
/// <param name="RelativeTargetPort">Its port: 1 and up. An iSCSI target port is a portal group, and this its tag (RFC 7143, 4.2.7).</param>
public sealed record NexusIdentity(string InitiatorName, ulong Isid, string TargetName, ushort RelativeTargetPort = 1)
{
    /// <summary>SCSI port name of the target port: <c>NAME,t,0xTAG</c> (RFC 7143, 4.2.7.1 and SPC-4).</summary>
    public string TargetPortName => string.Create(CultureInfo.InvariantCulture, $"{TargetName},t,0x{RelativeTargetPort:x4}");
}
