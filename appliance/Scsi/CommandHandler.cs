using VSan.Block;

namespace VSan.Scsi;

/// <summary>The rules of one command or family. Stateless: all state is the command's. Each method ends in one of the command's verbs.</summary>
internal abstract class CommandHandler
{
    /// <summary>The CDB has no bit that the usage map forbids, and the LUN exists unless the command answers always.</summary>
    public abstract void Begin(ScsiCommand command);

    /// <summary>Of an optional command: a logical unit of this shape has it.</summary>
    public virtual bool IsOffered(VolumeGeometry geometry) => true;

    /// <summary>The buffer of a data-in command is there.</summary>
    public virtual void OnBuffer(ScsiCommand command) => throw new InvalidOperationException("The command asked for no buffer.");

    /// <summary>The data-out is in the buffer: <see cref="ScsiCommand.DataOutLength"/> bytes.</summary>
    public virtual void OnDataOut(ScsiCommand command) => throw new InvalidOperationException("The command asked for no data.");

    /// <summary>The volume's request succeeded.</summary>
    public virtual void OnBlockCompleted(ScsiCommand command) => throw new InvalidOperationException("The command asked nothing of the volume.");

    /// <summary>The command ends before its work is done: the volume failed, or, without sense, somebody ended it. Returns the sense to report.</summary>
    public virtual Sense OnStopped(ScsiCommand command, Sense sense) => sense;

    /// <summary>LBA and length of a 6, 10, 12 or 16 byte CDB of the usual shape (SBC-4, 4.2); ends the command when they leave the medium.</summary>
    protected static bool TryRange(ScsiCommand command, out Lba lba, out BlockCount count)
    {
        ulong first = command.CdbUInt32(2);
        ulong blocks = command.CdbUInt16(7);
        switch (command.Cdb[0] >> 5)
        {
            case 0:
                first = command.CdbUInt32(0) & 0x1FFFFF;
                blocks = command.Cdb[4] == 0 ? 256UL : command.Cdb[4];
                break;
            case 4:
                first = command.CdbUInt64(2);
                blocks = command.CdbUInt32(10);
                break;
            case 5:
                blocks = command.CdbUInt32(6);
                break;
        }

        (lba, count) = (new Lba(first), new BlockCount(blocks));
        if (command.Geometry.Contains(lba, count)) return true;
        command.Check(Sense.LbaOutOfRange);
        return false;
    }

    /// <summary>Bytes of a transfer, refused when one buffer cannot hold it (block limits VPD page, MAXIMUM TRANSFER LENGTH).</summary>
    protected static bool TryTransferBytes(ScsiCommand command, BlockCount count, int workBytes, out int bytes)
    {
        ulong wanted = count.Value * (ulong)command.BlockSize;
        bytes = (int)Math.Min(wanted, BufferPool.PieceBytesMax);
        if (wanted + (ulong)workBytes <= BufferPool.PieceBytesMax) return true;
        command.Check(Sense.InvalidFieldInCdb.AtCdbByte(LengthByte(command)));
        return false;
    }

    private static int LengthByte(ScsiCommand command) => (command.Cdb[0] >> 5) switch
    {
        0 => 4,
        4 => 10,
        5 => 6,
        _ => 7,
    };
}
