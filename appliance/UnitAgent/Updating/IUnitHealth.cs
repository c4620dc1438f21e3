namespace VSan.UnitAgent.Updating;

/// <summary>Whether a version that is on trial does what a unit is there for.</summary>
internal interface IUnitHealth
{
    /// <summary>What is missing, for a person; null when it is healthy.</summary>
    Task<string?> ObstacleAsync(CancellationToken cancellationToken);

    /// <summary>It was blessed: nothing has to be tried any more.</summary>
    void EndTrial();
}
