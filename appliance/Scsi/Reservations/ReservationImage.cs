using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace VSan.Scsi.Reservations;

/// <summary>
/// Registrations and reservation as bytes, for APTPL. All numbers big-endian, as on the wire.
/// <code>
///   0  "VSanPR" 00h 00h    8  version (4), now 1    12  registrations (2)    14  holder (2): its 0-based index, FFFFh none    16  type (1)    17  zero (3)
///   20  for each registration:  key (8)   ISID (8)   target port (2)   flags (1), 01h ALL_TG_PT   lengths of two names (1, 1), the names: initiator, target
///   end  CRC32C of all before (4)
/// </code>
/// PRGENERATION is not kept: it starts at zero with the device server (SPC-4, 6.15.2). Nor is RESERVE (6), which no loss of power survives.
/// </summary>
internal static class ReservationImage
{
    /// <summary>Without registrations.</summary>
    public const int BytesMin = HeaderBytes + CrcBytes;

    private const uint Version = 1;
    private const int HeaderBytes = 20;
    private const int RegistrationBytes = 21;
    private const int CrcBytes = 4;
    private const ushort NoHolder = 0xFFFF;

    private static ReadOnlySpan<byte> Magic => "VSanPR\0\0"u8;

    /// <summary>The bytes of a state.</summary>
    public static byte[] Format(ReservationState state)
    {
        using var stream = new MemoryStream();
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], Version);
        BinaryPrimitives.WriteUInt16BigEndian(header[12..], (ushort)state.Registrations.Count);
        BinaryPrimitives.WriteUInt16BigEndian(header[14..], HolderIndex(state));
        header[16] = (byte)state.Type;
        stream.Write(header);
        Span<byte> fixedPart = stackalloc byte[RegistrationBytes];
        foreach (Registration registration in state.Registrations)
        {
            byte[] initiator = Encoding.UTF8.GetBytes(registration.Nexus.InitiatorName);
            byte[] target = Encoding.UTF8.GetBytes(registration.Nexus.TargetName);
            BinaryPrimitives.WriteUInt64BigEndian(fixedPart, registration.Key);
            BinaryPrimitives.WriteUInt64BigEndian(fixedPart[8..], registration.Nexus.Isid);
            BinaryPrimitives.WriteUInt16BigEndian(fixedPart[16..], registration.Nexus.RelativeTargetPort);
            (fixedPart[18], fixedPart[19], fixedPart[20]) = (registration.AllTargetPorts ? (byte)1 : (byte)0, (byte)initiator.Length, (byte)target.Length);
            stream.Write(fixedPart);
            stream.Write(initiator);
            stream.Write(target);
        }

        Span<byte> crc = stackalloc byte[CrcBytes];
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        stream.Write(crc);
        return stream.ToArray();
    }

    /// <summary>Reads the bytes back; null when they are not a whole image of this version.</summary>
    public static ReservationState? TryParse(ReadOnlySpan<byte> image)
    {
        if (image.Length < BytesMin || !image.StartsWith(Magic) || BinaryPrimitives.ReadUInt32BigEndian(image[8..]) != Version) return null;
        ReadOnlySpan<byte> body = image[..^CrcBytes];
        if (Crc(body) != BinaryPrimitives.ReadUInt32BigEndian(image[^CrcBytes..])) return null;
        int count = BinaryPrimitives.ReadUInt16BigEndian(body[12..]);
        int holder = BinaryPrimitives.ReadUInt16BigEndian(body[14..]);
        var type = (ReservationType)body[16];
        bool heldByOne = type != ReservationType.None && !type.IsAllRegistrants();
        if (count > ReservationState.RegistrationsMax || (type != ReservationType.None && !type.IsValid())) return null;
        if (heldByOne ? holder >= count : holder != NoHolder) return null;

        var registrations = new List<Registration>(count);
        ReadOnlySpan<byte> rest = body[HeaderBytes..];
        for (int i = 0; i < count; i++)
        {
            if (rest.Length < RegistrationBytes) return null;
            int names = rest[19] + rest[20];
            if (rest.Length < RegistrationBytes + names) return null;
            var nexus = new NexusIdentity(
                Encoding.UTF8.GetString(rest.Slice(RegistrationBytes, rest[19])),
                BinaryPrimitives.ReadUInt64BigEndian(rest[8..]),
                Encoding.UTF8.GetString(rest.Slice(RegistrationBytes + rest[19], rest[20])),
                BinaryPrimitives.ReadUInt16BigEndian(rest[16..]));
            registrations.Add(new Registration(nexus, BinaryPrimitives.ReadUInt64BigEndian(rest), (rest[18] & 1) != 0));
            rest = rest[(RegistrationBytes + names)..];
        }

        if (!rest.IsEmpty) return null;
        return new ReservationState
        {
            Registrations = registrations,
            Type = type,
            Holder = heldByOne ? registrations[holder].Nexus : null,
            Persists = true,
        };
    }

    private static ushort HolderIndex(ReservationState state)
    {
        for (int i = 0; i < state.Registrations.Count; i++)
        {
            if (state.Registrations[i].Nexus == state.Holder) return (ushort)i;
        }

        return NoHolder;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte each in bytes) crc = BitOperations.Crc32C(crc, each);
        return ~crc;
    }
}
