namespace VSan.UnitAgent.Link;

/// <summary>Whether the link to the station stands.</summary>
internal sealed class LinkPresence
{
    private volatile bool _isUp;

    /// <summary>True while it stands.</summary>
    public bool IsUp => _isUp;

    /// <summary>True when the last connection ended, or could not be made, before the station asked anything over it: it refused the certificate.</summary>
    public bool WasRefused { get; private set; }

    /// <summary>The handshake is done. The station may still hang up on who it does not admit.</summary>
    public void Established()
    {
        _isUp = true;
        WasRefused = true;
    }

    /// <summary>The station asks: this unit is admitted.</summary>
    public void Asked() => WasRefused = false;

    /// <summary>The handshake failed, for a reason that is about certificates.</summary>
    public void Refused() => WasRefused = true;

    /// <summary>The connection ended.</summary>
    public void Lost() => _isUp = false;
}
