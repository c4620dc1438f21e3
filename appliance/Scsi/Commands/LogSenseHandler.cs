using System.Buffers.Binary;
using VSan.Block;

namespace VSan.Scsi.Commands;

/// <summary>
/// LOG SENSE (SPC-4): the list of pages, and the logical block provisioning page (SBC-3) of a logical unit that has a threshold. Its parameters
/// are binary lists, so that PC changes nothing.
/// <code>
///   0  page code    2  length of the rest (2)    4  parameters of 12: code (2), control 03h, 08h, resource count (4), scope (1), reserved (3)
/// </code>
/// </summary>
internal sealed class LogSenseHandler : DataInHandler
{
    private const byte SupportedPages = 0x00, Provisioning = 0x0C;
    private const ushort Available = 0x0001, Used = 0x0002;

    /// <summary>Scope of a resource count: of this logical unit alone, or shared with others of its store.</summary>
    private const byte Dedicated = 1, Shared = 2;

    private const int HeaderBytes = 4, ParameterBytes = 12;

    /// <inheritdoc/>
    protected override uint AllocationLength(ScsiCommand command) => command.CdbUInt16(7);

    /// <inheritdoc/>
    protected override int Fill(ScsiCommand command, Span<byte> page)
    {
        byte code = (byte)(command.Cdb[2] & 0x3F);
        ushort first = command.CdbUInt16(5);
        ProvisioningThreshold? threshold = command.Unit!.Threshold;
        int length = code switch
        {
            SupportedPages => FillSupported(page[HeaderBytes..], threshold is not null),
            Provisioning when threshold is not null => FillProvisioning(page[HeaderBytes..], threshold.Space, first),
            _ => 0,
        };
        if (length == 0) return Refuse(command, Sense.InvalidFieldInCdb.AtCdbByte(code == Provisioning && threshold is not null ? 5 : 2));
        page[0] = code;
        BinaryPrimitives.WriteUInt16BigEndian(page[2..], (ushort)length);
        return HeaderBytes + length;
    }

    private static int FillSupported(Span<byte> body, bool hasThreshold)
    {
        body[1] = Provisioning;
        return hasThreshold ? 2 : 1;
    }

    /// <param name="body">Behind the header.</param>
    /// <param name="space">What is counted.</param>
    /// <param name="first">PARAMETER POINTER: parameters below it are left out; nothing is left beyond the last.</param>
    private static int FillProvisioning(Span<byte> body, VolumeSpace space, ushort first)
    {
        int at = 0;
        if (first <= Available) at += FillParameter(body, Available, space.AvailableBytes, Shared);
        if (first <= Used) at += FillParameter(body[at..], Used, space.UsedBytes, Dedicated);
        return at;
    }

    private static int FillParameter(Span<byte> to, ushort code, long bytes, byte scope)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, code);
        to[2] = 0x03; // FORMAT AND LINKING 11b: a binary list
        to[3] = ParameterBytes - 4;
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], ProvisioningThreshold.SetsOf(bytes));
        to[8] = scope;
        return ParameterBytes;
    }
}
