using System.Globalization;
using System.Net;

namespace VSan.UnitAgent.Shares;

/// <summary>Where shares are served: an address, and a port for each of them.</summary>
/// <param name="Address">The address.</param>
/// <param name="First">The first port.</param>
/// <param name="Count">How many.</param>
internal sealed record SharePorts(IPAddress Address, int First, int Count)
{
    /// <summary>A server takes some 50 MB, so that this many already take 6 GB.</summary>
    private const int CountMax = 128;

    /// <summary>Reads <c>ADDRESS:FIRST-LAST</c>, IPv6 in brackets.</summary>
    /// <exception cref="UnitFailure">It is something else.</exception>
    public static SharePorts Parse(string text)
    {
        int dash = text.LastIndexOf('-');
        if (dash > 0 && IPEndPoint.TryParse(text[..dash], out IPEndPoint? first) && first.Port > 0
            && int.TryParse(text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
            && last >= first.Port && last <= IPEndPoint.MaxPort && last - first.Port < CountMax)
            return new SharePorts(first.Address, first.Port, last - first.Port + 1);
        throw UnitOptions.Wrong($"--shares {text}: give it as ADDRESS:FIRST-LAST with at most {CountMax} ports, IPv6 in brackets.");
    }
}
