using System.Buffers.Binary;
using System.Globalization;
using VSan.Scsi;
using VSan.Scsi.Reservations;

namespace VSan.Tests.Unit.Scsi.Reservations;

/// <summary>Nexuses of one logical unit, each on a ring of its own, and PERSISTENT RESERVE commands in short.</summary>
internal sealed class ReservationBench
{
    public const string Read = "28 00 00000000 00 0001 00", Write = "2A 00 00000000 00 0001 00", Ready = "00 00 00 00 00 00";

    public ReservationBench(int nexuses = 3, ReservationTable? reservations = null)
    {
        Volume = new RamVolume(64);
        var first = new CommandRunner(Volume, reservations: reservations);
        Nexus = [first, .. Enumerable.Range(1, nexuses - 1).Select(ring => new CommandRunner(first, ring))];
        foreach (CommandRunner runner in Nexus)
        {
            // As the transport does: ends the commands, and tells when the medium is at rest.
            runner.Ring.AbortCommands = (_, affected, done) =>
            {
                var waitFor = Nexus.Where(other => affected(other.Nexus) && !other.Completed && !other.Abort()).ToList();
                if (waitFor.Count == 0) done();
                else waitFor[0].AfterCompletion = done;
            };
        }
    }

    public RamVolume Volume { get; }

    public CommandRunner[] Nexus { get; }

    public static byte[] Parameters(ulong key, ulong actionKey, byte flags = 0)
    {
        byte[] list = new byte[24];
        BinaryPrimitives.WriteUInt64BigEndian(list, key);
        BinaryPrimitives.WriteUInt64BigEndian(list.AsSpan(8), actionKey);
        list[20] = flags;
        return list;
    }

    /// <summary>PERSISTENT RESERVE OUT; the outcome as <see cref="Outcome"/>.</summary>
    public int Out(int nexus, int action, int type, ulong key, ulong actionKey, byte flags = 0) =>
        Out(nexus, action, type, Parameters(key, actionKey, flags));

    public int Out(int nexus, int action, int type, byte[] list) =>
        Outcome(Nexus[nexus].Run(string.Create(CultureInfo.InvariantCulture, $"5F {action:X2} {type:X2} 00 00 {list.Length:X8} 00"), list));

    /// <summary>PERSISTENT RESERVE IN.</summary>
    public byte[] In(int nexus, int action) => Nexus[nexus].Run(string.Create(CultureInfo.InvariantCulture, $"5E {action:X2} 00 00 00 00 00 FFFF 00")).DataIn;

    /// <summary>0 GOOD, 0x18 RESERVATION CONFLICT, else the sense.</summary>
    public static int Outcome(CommandRunner runner) => runner.Status == ScsiStatus.CheckCondition ? runner.SenseCode : (int)runner.Status;

    public int Run(int nexus, string cdb) => Outcome(Nexus[nexus].Run(cdb, cdb.StartsWith("2A", StringComparison.Ordinal) ? new byte[512] : null));
}
