using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace VSan.Contracts.Discovery;

/// <summary>Reads the parts of a message. A message comes from anyone: past its end, or in a circle of pointers, the reader fails and gives empty values.</summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    // A name has 255 bytes at most (RFC 1035, 2.3.4), so at most 127 labels or pointers.
    private const int PartsMax = 127;
    private const byte PointerBits = 0xc0;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    /// <summary>True once something could not be read.</summary>
    public bool Failed { get; private set; }

    public ushort Number() => Take(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    public string Name() => Name(ref _at);

    public DnsRecord Record()
    {
        string name = Name();
        DnsType type = (DnsType)Number();
        // Class and time to live.
        _ = Take(2 + 4);
        int length = Number(), start = _at;
        ReadOnlySpan<byte> data = Take(length);
        if (Failed) return new DnsRecord(name, type);
        return type switch
        {
            DnsType.Ptr => new DnsRecord(name, type, Target: NameAt(start)),
            DnsType.Srv when length > 6 => new DnsRecord(name, type, NameAt(start + 6), BinaryPrimitives.ReadUInt16BigEndian(data[4..])),
            DnsType.A when length == 4 => new DnsRecord(name, type, Address: new IPAddress(data)),
            DnsType.Aaaa when length == 16 => new DnsRecord(name, type, Address: new IPAddress(data)),
            DnsType.Txt => new DnsRecord(name, type, Texts: Texts(data)),
            _ => new DnsRecord(name, type),
        };
    }

    private string NameAt(int start) => Name(ref start);

    private string Name(ref int at)
    {
        StringBuilder name = new();
        int reading = at;
        bool jumped = false;
        for (int parts = 0; parts < PartsMax; parts++)
        {
            if ((uint)reading >= (uint)_message.Length) break;
            byte length = _message[reading];
            if (length == 0)
            {
                if (!jumped) at = reading + 1;
                return name.ToString();
            }

            if ((length & PointerBits) == PointerBits)
            {
                if (reading + 1 >= _message.Length) break;
                if (!jumped) at = reading + 2;
                (reading, jumped) = (((length & ~PointerBits) << 8) | _message[reading + 1], true);
                continue;
            }

            if ((length & PointerBits) != 0 || reading + 1 + length > _message.Length) break;
            if (name.Length > 0) _ = name.Append('.');
            _ = name.Append(Encoding.UTF8.GetString(_message.Slice(reading + 1, length)));
            reading += 1 + length;
        }

        Failed = true;
        return string.Empty;
    }

    private static List<string> Texts(ReadOnlySpan<byte> data)
    {
        List<string> texts = [];
        while (data.Length > 0 && data[0] < data.Length)
        {
            texts.Add(Encoding.UTF8.GetString(data.Slice(1, data[0])));
            data = data[(1 + data[0])..];
        }

        return texts;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || count > _message.Length - _at)
        {
            Failed = true;
            return [];
        }

        ReadOnlySpan<byte> taken = _message.Slice(_at, count);
        _at += count;
        return taken;
    }
}
