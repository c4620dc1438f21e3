using System.Buffers.Binary;
using VSan.IscsiInitiator;

namespace VSan.Tests.Proof.Reservations;

/// <summary>PERSISTENT RESERVE OUT and IN (SPC-4, 6.15 and 6.16), as far as the rig speaks them. All numbers big-endian.</summary>
internal static class PersistentReserve
{
    private const byte Out = 0x5f, In = 0x5e;
    private const byte Reserve = 0x01, Release = 0x02, RegisterAndIgnoreExistingKey = 0x06;
    private const byte ReadKeys = 0x00, ReadReservation = 0x01;
    private const byte WriteExclusive = 0x01;
    private const int ParameterBytes = 24;
    private const int AnswerBytes = 256;
    private const int AnswerHeaderBytes = 8;
    private const byte ActivatePersistThroughPowerLoss = 0x01;

    /// <summary>Registers a key in place of the nexus's last one; 0 unregisters.</summary>
    public static Task RegisterAsync(IscsiSession session, ulong key) => SendAsync(session, RegisterAndIgnoreExistingKey, 0, key, ActivatePersistThroughPowerLoss);

    public static Task ReserveAsync(IscsiSession session, ulong key) => SendAsync(session, Reserve, key, 0, 0);

    public static Task ReleaseAsync(IscsiSession session, ulong key) => SendAsync(session, Release, key, 0, 0);

    /// <summary>What the logical unit says of its reservations.</summary>
    public static async Task<ReservationPicture> ReadAsync(IscsiSession session)
    {
        byte[] keys = await AskAsync(session, ReadKeys), reservation = await AskAsync(session, ReadReservation);
        IEnumerable<ulong> registered = keys.Chunk(sizeof(ulong)).Select(key => BinaryPrimitives.ReadUInt64BigEndian(key));
        return ReservationPicture.Of(registered, reservation.Length == 0 ? 0 : BinaryPrimitives.ReadUInt64BigEndian(reservation));
    }

    private static async Task SendAsync(IscsiSession session, byte action, ulong key, ulong actionKey, byte flags)
    {
        byte[] cdb = [Out, action, action is Reserve or Release ? WriteExclusive : (byte)0, 0, 0, 0, 0, 0, ParameterBytes, 0];
        byte[] list = new byte[ParameterBytes];
        BinaryPrimitives.WriteUInt64BigEndian(list, key);
        BinaryPrimitives.WriteUInt64BigEndian(list.AsSpan(8), actionKey);
        list[20] = flags;
        ScsiResult result = await session.ExecuteAsync(cdb, 0, list);
        if (result.Status != ScsiResult.Good) throw new InvalidOperationException($"PERSISTENT RESERVE OUT {action:x2} ended with {result}.");
    }

    /// <returns>What follows the generation and the length.</returns>
    private static async Task<byte[]> AskAsync(IscsiSession session, byte action)
    {
        ScsiResult result = await session.ExecuteAsync([In, action, 0, 0, 0, 0, 0, AnswerBytes >> 8, AnswerBytes & 0xff, 0], AnswerBytes);
        if (result.Status != ScsiResult.Good) throw new InvalidOperationException($"PERSISTENT RESERVE IN {action:x2} ended with {result}.");
        return result.Data[AnswerHeaderBytes..(AnswerHeaderBytes + BinaryPrimitives.ReadInt32BigEndian(result.Data.AsSpan(4)))];
    }
}
