using System.Net;

namespace VSan.Contracts.Discovery;

/// <summary>One resource record, as far as DNS-SD (RFC 6763) needs it: a record of another type has none of the last four.</summary>
/// <param name="Name">Owner, without the final dot.</param>
/// <param name="Type">Type of the record.</param>
/// <param name="Target">PTR and SRV: the name it points at.</param>
/// <param name="Port">SRV: the port.</param>
/// <param name="Address">A and AAAA: the address.</param>
/// <param name="Texts">TXT: its strings, for example <c>ca=sha256:…</c>.</param>
public sealed record DnsRecord(string Name, DnsType Type, string? Target = null, int Port = 0, IPAddress? Address = null, IReadOnlyList<string>? Texts = null);

/// <summary>Types of records (RFC 1035, 3.2.2; RFC 2782; RFC 3596).</summary>
public enum DnsType
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>A pointer to another name.</summary>
    Ptr = 12,

    /// <summary>Strings.</summary>
    Txt = 16,

    /// <summary>An IPv6 address.</summary>
    Aaaa = 28,

    /// <summary>Where a service is.</summary>
    Srv = 33,

    /// <summary>Whatever there is (a question only).</summary>
    Any = 255,
}
