using System.Text;

namespace VSan.Contracts.Discovery;

/// <summary>
/// A DNS message (RFC 1035, 4.1), one question and its answers:
/// <code>
///  0        2         4          6         8          10          12
///  | id     | flags   | qdcount  | ancount | nscount  | arcount   | question … | records …
///  question: name, type (2), class (2)          record: name, type (2), class (2), ttl (4), length (2), data
///  name: labels of length (1) and bytes, ended by 0; or a pointer, two bytes that begin with 11, to an earlier name
/// </code>
/// </summary>
public sealed record DnsMessage(ushort Id, bool IsAnswer, string Question, DnsType QuestionType, IReadOnlyList<DnsRecord> Records)
{
    /// <summary>The service that a station announces.</summary>
    public const string StationService = "_vsan-station._tcp";

    /// <summary>The most that one message of ours, or one that we read, has: a UDP datagram on Ethernet.</summary>
    public const int SizeMax = 1472;

    /// <summary>Bytes before the first question.</summary>
    public const int HeaderSize = 12;

    private const ushort AnswerFlags = 0x8400;
    private const ushort Internet = 1;

    // RFC 6762, 5.4: the asker takes the answer by unicast.
    private const ushort UnicastBit = 0x8000;

    /// <summary>A question.</summary>
    public static DnsMessage Ask(ushort id, string name, DnsType type) => new(id, IsAnswer: false, name, type, []);

    /// <summary>Formats the message; records of types that this class does not know cannot be.</summary>
    public byte[] ToBytes()
    {
        DnsWriter writer = new();
        writer.Number(Id);
        writer.Number(IsAnswer ? AnswerFlags : (ushort)0);
        writer.Number(1);
        writer.Number((ushort)Records.Count);
        writer.Number(0);
        writer.Number(0);
        writer.Name(Question);
        writer.Number((ushort)QuestionType);
        writer.Number(IsAnswer ? Internet : (ushort)(Internet | UnicastBit));
        foreach (DnsRecord record in Records) writer.Record(record, Internet);
        return writer.ToBytes();
    }

    /// <summary>Reads a message; false for anything that is not one, whatever its bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out DnsMessage? message)
    {
        message = null;
        if (bytes.Length is < HeaderSize or > SizeMax) return false;
        DnsReader reader = new(bytes);
        ushort id = reader.Number(), flags = reader.Number();
        int questions = reader.Number(), records = reader.Number() + reader.Number() + reader.Number();
        // An answer of multicast DNS has no question (RFC 6762, 6).
        if (questions > 1) return false;
        string question = questions == 0 ? string.Empty : reader.Name();
        DnsType type = questions == 0 ? DnsType.Any : (DnsType)reader.Number();
        if (questions == 1) _ = reader.Number();
        List<DnsRecord> found = [];
        for (int index = 0; index < records && !reader.Failed; index++) found.Add(reader.Record());
        if (reader.Failed) return false;
        message = new DnsMessage(id, (flags & 0x8000) != 0, question, type, found);
        return true;
    }
}

/// <summary>Writes the parts of a message, without compression.</summary>
internal sealed class DnsWriter
{
    // What a station says changes with its restart only.
    private const uint TimeToLiveSeconds = 120;

    private readonly List<byte> _bytes = [];

    public byte[] ToBytes() => [.. _bytes];

    public void Number(ushort value)
    {
        _bytes.Add((byte)(value >> 8));
        _bytes.Add((byte)value);
    }

    public void Name(string name)
    {
        foreach (string label in name.Split('.', StringSplitOptions.RemoveEmptyEntries)) Text(label);
        _bytes.Add(0);
    }

    public void Record(DnsRecord record, ushort recordClass)
    {
        Name(record.Name);
        Number((ushort)record.Type);
        Number(recordClass);
        Number((ushort)(TimeToLiveSeconds >> 16));
        Number((ushort)TimeToLiveSeconds);
        DnsWriter data = new();
        data.Data(record);
        Number((ushort)data._bytes.Count);
        _bytes.AddRange(data._bytes);
    }

    private void Data(DnsRecord record)
    {
        if (record.Type == DnsType.Srv)
        {
            // Priority and weight.
            Number(0);
            Number(0);
            Number((ushort)record.Port);
        }

        if (record.Target is { } target) Name(target);
        if (record.Address is { } address) _bytes.AddRange(address.GetAddressBytes());
        foreach (string text in record.Texts ?? []) Text(text);
    }

    private void Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        _bytes.Add(checked((byte)bytes.Length));
        _bytes.AddRange(bytes);
    }
}
