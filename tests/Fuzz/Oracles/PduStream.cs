using System.Buffers.Binary;
using VSan.Iscsi.Pdu;
using VSan.Tests.Fakes;

namespace VSan.Tests.Fuzz.Oracles;

/// <summary>Cuts one direction of a connection into PDUs, slowly and obviously.</summary>
internal sealed class PduStream
{
    private const int DigestBytes = 4;
    private readonly MemoryStream _bytes = new();
    private int _taken;

    public bool HeaderDigest { get; set; }

    public bool DataDigest { get; set; }

    /// <summary>Bytes that came and were not taken.</summary>
    public int Left => (int)_bytes.Length - _taken;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Left == 0)
        {
            _bytes.SetLength(0);
            _taken = 0;
        }

        _bytes.Write(bytes);
    }

    /// <summary>The basic header segment, once all segments and the digest are there.</summary>
    /// <param name="header">48 bytes.</param>
    /// <param name="intact">The digest matches, or there is none.</param>
    public bool TryTakeHeader(out byte[] header, out bool intact)
    {
        (header, intact) = ([], true);
        if (Left < BasicHeader.Bytes) return false;
        int covered = BasicHeader.Bytes + (4 * Rest[4]);
        if (Left < covered + (HeaderDigest ? DigestBytes : 0)) return false;
        header = Rest[..BasicHeader.Bytes].ToArray();
        intact = !HeaderDigest || Rest.Slice(covered, DigestBytes).SequenceEqual(DigestOracle.Of(Rest[..covered]));
        _taken += covered + (HeaderDigest ? DigestBytes : 0);
        return true;
    }

    /// <summary>The data segment of a header, once it is there with padding and digest.</summary>
    public bool TryTakeData(byte[] header, out byte[] data, out bool intact)
    {
        (data, intact) = ([], true);
        int length = (int)(BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4)) & 0xFFFFFF);
        if (length == 0) return true;
        int padded = (length + 3) & ~3;
        if (Left < padded + (DataDigest ? DigestBytes : 0)) return false;
        data = Rest[..length].ToArray();
        intact = !DataDigest || Rest.Slice(padded, DigestBytes).SequenceEqual(DigestOracle.Of(Rest[..padded]));
        _taken += padded + (DataDigest ? DigestBytes : 0);
        return true;
    }

    private ReadOnlySpan<byte> Rest => _bytes.GetBuffer().AsSpan(_taken, Left);
}
