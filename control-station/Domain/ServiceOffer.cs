namespace VSan.Station.Domain;

/// <summary>How a unit described itself for one kind of service.</summary>
/// <param name="Kind">The kind, for example <c>storage.file</c>.</param>
/// <param name="Engine">The server behind it, with its version; null when there is none.</param>
/// <param name="Reason">Why the kind is not offered, for a person; null when it is.</param>
/// <param name="Address">Where it listens; null when it is not offered.</param>
/// <param name="FirstPort">The first of the ports that it may give away.</param>
/// <param name="PortCount">How many there are.</param>
public sealed record ServiceOffer(string Kind, string? Engine, string? Reason, string? Address, int FirstPort, int PortCount)
{
    /// <summary>The lowest port of the offer that is not in use; null when all are.</summary>
    public int? FreePort(IReadOnlyCollection<int> used)
    {
        ArgumentNullException.ThrowIfNull(used);
        for (int port = FirstPort; port < FirstPort + PortCount; port++)
            if (!used.Contains(port)) return port;
        return null;
    }
}
