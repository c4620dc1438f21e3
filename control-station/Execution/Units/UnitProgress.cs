using VSan.Contracts.UnitLink;

namespace VSan.Station.Execution;

/// <summary>What the reconciler of a unit has found.</summary>
/// <param name="Connected">The link stands.</param>
/// <param name="AcceptedGeneration">The generation that the unit has persisted.</param>
/// <param name="AppliedGeneration">The generation that it serves.</param>
/// <param name="PushedGeneration">The generation last handed to it.</param>
/// <param name="Failures">Pushes in a row that the unit could not apply.</param>
/// <param name="Failure">What it said to the last of them.</param>
/// <param name="HasNewerGeneration">The unit has, or had since the station started, a newer generation than the station wants.</param>
/// <param name="UnknownLegs">Legs found on the unit that the station has no record of.</param>
internal sealed record UnitProgress(
    bool Connected,
    long AcceptedGeneration,
    long AppliedGeneration,
    long PushedGeneration,
    int Failures,
    string? Failure,
    bool HasNewerGeneration,
    int UnknownLegs)
{
    /// <summary>What the unit answered to the last push.</summary>
    public PushAnswer Answer { get; init; } = PushAnswer.None;

    /// <summary>The document that the unit accepted last, without secrets; null while nobody has told.</summary>
    public UnitConfiguration? Reached { get; init; }

    /// <summary>Nothing known yet.</summary>
    public static UnitProgress Unknown { get; } = new(false, 0, 0, 0, 0, null, false, 0);

    /// <summary>
    /// True when the unit knows more than the station, which was then restored from an older backup: pushing would remove what was made
    /// since. It stays true over reconnections, so that no change slips in between.
    /// </summary>
    public bool IsAhead => HasNewerGeneration || UnknownLegs > 0;

    /// <summary>A new connection: what was found counts no more, but for what forbids to push and for the document, which a unit never loses.</summary>
    public UnitProgress Reconnected() => Unknown with { Connected = true, HasNewerGeneration = HasNewerGeneration, UnknownLegs = UnknownLegs, Reached = Reached };

    /// <summary>The unit serves this generation, and it is the station's own.</summary>
    public bool Serves(long generation) => !IsAhead && AppliedGeneration >= generation;
}
