using System.Buffers.Binary;
using VSan.Iscsi.Pdu;

namespace VSan.Tests.Fuzz.Oracles;

/// <summary>One PDU that the target owes one answer, and for a command what has gone back and forth for it.</summary>
internal sealed class Request(byte[] header)
{
    public byte[] Header { get; } = header;

    public Opcode Opcode { get; } = (Opcode)(header[0] & 0x3F);

    public uint Tag { get; } = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(16));

    public bool Reads { get; } = (header[1] & 0x40) != 0;

    public bool Writes { get; } = (header[1] & 0x20) != 0;

    /// <summary>Expected Data Transfer Length; of a command without direction nothing is expected.</summary>
    public uint Expected { get; } = (header[1] & 0x60) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(20)) : 0;

    /// <summary>The initiator may go on with data that nobody asked for.</summary>
    public bool UnsolicitedOpen { get; set; } = (header[1] & 0xA0) == 0x20;

    /// <summary>It may stay without an answer: a task management function was there to end it.</summary>
    public bool IsExcused { get; set; }

    /// <summary>A Data-Out that an R2T asked for had a DataSN other than the next.</summary>
    public bool IsSequenceBroken { get; set; }

    /// <summary>DataSN that the next Data-Out of the sequence has.</summary>
    public uint DataOutSN { get; set; }

    public uint DataInSN { get; set; }

    public uint DataInBytes { get; set; }

    public uint R2TSN { get; set; }

    /// <summary>R2Ts whose data is not all there, oldest first.</summary>
    public List<ReadyToTransferSeen> ReadyToTransfers { get; } = [];

    public bool OwesData => UnsolicitedOpen || ReadyToTransfers.Count > 0;

    public override string ToString() => $"{Opcode} with task tag {Tag:X}";
}

/// <summary>An R2T as the target sent it, and how far its data is.</summary>
internal sealed class ReadyToTransferSeen(uint transferTag, uint offset, uint length)
{
    public uint TransferTag { get; } = transferTag;

    public uint Offset { get; set; } = offset;

    public uint Left { get; set; } = length;
}
