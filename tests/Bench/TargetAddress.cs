using System.Net;

namespace VSan.Tests.Bench;

/// <summary>A logical unit to load: loopback only, as a benchmark writes to it.</summary>
internal sealed record TargetAddress(IPEndPoint Portal, string TargetName, byte Lun)
{
    /// <summary>Reads <c>iscsi://127.0.0.1:3260/iqn…/0</c>.</summary>
    /// <exception cref="FormatException">Another shape, or not a loopback address.</exception>
    public static TargetAddress Parse(string url)
    {
        const string scheme = "iscsi://";
        string[] parts = url.StartsWith(scheme, StringComparison.Ordinal) ? url[scheme.Length..].Split('/') : [];
        return parts.Length == 3 && IPEndPoint.TryParse(parts[0], out IPEndPoint? portal) && IPAddress.IsLoopback(portal.Address) && byte.TryParse(parts[2], out byte lun)
            ? new TargetAddress(portal, parts[1], lun)
            : throw new FormatException($"'{url}' is not iscsi://LOOPBACK:PORT/TARGET/LUN.");
    }
}
