namespace VSan.Scsi.Commands;

/// <summary>A command that answers with a small page made from what is known, cut to the allocation length (SPC-5, 4.2.5.6).</summary>
internal abstract class DataInHandler : CommandHandler
{
    /// <summary>Longest page of the command. REPORT LUNS of 256 LUNs is 2,056 bytes, the longest list of operation codes about 1,500.</summary>
    protected virtual int PageBytesMax => 4096;

    /// <inheritdoc/>
    public sealed override void Begin(ScsiCommand command) => command.RequestDataIn(PageBytesMax);

    /// <inheritdoc/>
    public sealed override void OnBuffer(ScsiCommand command)
    {
        Span<byte> page = command.Data[..PageBytesMax];
        page.Clear();
        int length = Fill(command, page);
        if (length >= 0) command.Good((int)Math.Min((uint)length, AllocationLength(command)));
    }

    /// <summary>Writes the page into zeroed memory; returns its length, or -1 after ending the command with a reason.</summary>
    protected abstract int Fill(ScsiCommand command, Span<byte> page);

    /// <summary>The allocation length field.</summary>
    protected abstract uint AllocationLength(ScsiCommand command);

    /// <summary>Ends the command; for <see cref="Fill"/>.</summary>
    protected static int Refuse(ScsiCommand command, Sense sense)
    {
        command.Check(sense);
        return -1;
    }
}
