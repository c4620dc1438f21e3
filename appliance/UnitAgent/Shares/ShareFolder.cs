using VSan.UnitAgent.Inventory;

namespace VSan.UnitAgent.Shares;

/// <summary>
/// Where a share lies in its store.
/// <code>
///   shares/SHARE/share.json    its description; what is here without one is not ours
///   shares/SHARE/data/         the files
///   shares/SHARE/access        who is let in (htpasswd); read anew by the server at each change
///   shares/SHARE/tls.crt .key  the certificate of this share alone, and its key
///   shares/SHARE/server        the process that serves it: its id
/// </code>
/// </summary>
/// <param name="store">The store.</param>
/// <param name="shareId">The share.</param>
internal sealed class ShareFolder(Store store, Guid shareId)
{
    /// <summary>All of it.</summary>
    public string Root { get; } = Path.Combine(store.SharesPath, shareId.ToString("D"));

    /// <summary>Its description.</summary>
    public string Description => Path.Combine(Root, "share.json");

    /// <summary>The files that are served.</summary>
    public string Data => Path.Combine(Root, "data");

    /// <summary>Who is let in.</summary>
    public string Access => Path.Combine(Root, "access");

    /// <summary>The server's certificate.</summary>
    public string Certificate => Path.Combine(Root, "tls.crt");

    /// <summary>The server's key.</summary>
    public string Key => Path.Combine(Root, "tls.key");

    /// <summary>The server's process id.</summary>
    public string Process => Path.Combine(Root, "server");

    /// <summary>What the server says.</summary>
    public string Log => Path.Combine(Root, "log");
}
