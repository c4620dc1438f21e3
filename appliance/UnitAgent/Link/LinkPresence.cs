namespace VSan.UnitAgent.Link;

/// <summary>Whether the link to the station stands.</summary>
internal sealed class LinkPresence
{
    private volatile bool _isUp;

    /// <summary>True while it stands.</summary>
    public bool IsUp => _isUp;

    /// <summary>The station was reached.</summary>
    public void Established() => _isUp = true;

    /// <summary>The connection ended.</summary>
    public void Lost() => _isUp = false;
}
