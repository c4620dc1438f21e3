using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using VSan.Iscsi;

namespace VSan.BlockServer.Configuration;

/// <summary>A portal of the configuration: <c>ADDRESS:PORT</c> or <c>[ADDRESS]:PORT</c>, and after a comma the tag of its portal group.</summary>
/// <param name="EndPoint">Where to listen; port 0 lets the kernel choose.</param>
/// <param name="GroupTag">Target portal group tag, 1 to 65,535.</param>
internal sealed record PortalAddress(IPEndPoint EndPoint, ushort GroupTag)
{
    /// <summary>Reads one.</summary>
    internal static bool TryParse(string? text, [NotNullWhen(true)] out PortalAddress? portal)
    {
        portal = null;
        if (text is null) return false;
        ushort tag = TargetPortal.GroupTagDefault;
        int comma = text.IndexOf(',', StringComparison.Ordinal);
        if (comma >= 0 && (!ushort.TryParse(text.AsSpan(comma + 1), NumberStyles.None, CultureInfo.InvariantCulture, out tag) || tag == 0)) return false;
        string address = comma < 0 ? text : text[..comma];

        // IPEndPoint takes a bare address too; a portal always names its port.
        bool hasPort = address.LastIndexOf(':') > address.LastIndexOf(']') && (address.StartsWith('[') || address.Count(c => c == ':') == 1);
        if (!hasPort || !IPEndPoint.TryParse(address, out IPEndPoint? endPoint)) return false;
        portal = new PortalAddress(endPoint, tag);
        return true;
    }
}
