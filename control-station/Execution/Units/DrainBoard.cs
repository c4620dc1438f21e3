using System.Collections.Concurrent;

namespace VSan.Station.Execution;

/// <summary>Why legs stay on units that are being drained, as last found. Not stored: it is found anew after a restart.</summary>
internal sealed class DrainBoard
{
    private readonly ConcurrentDictionary<Guid, string> _reasons = new();

    /// <summary>Why a leg stays, in a sentence; null when nothing keeps it.</summary>
    public string? Why(Guid legId) => _reasons.GetValueOrDefault(legId);

    /// <summary>Notes why a leg stays; null when nothing keeps it any more.</summary>
    /// <returns>True when that is news.</returns>
    public bool Note(Guid legId, string? reason)
    {
        if (Why(legId) == reason) return false;
        if (reason is null) _reasons.TryRemove(legId, out _);
        else _reasons[legId] = reason;
        return true;
    }
}
