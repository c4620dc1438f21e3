namespace VSan.UnitAgent.Updating;

/// <summary>The keeper of the boot partition, as the agent asks it.</summary>
internal interface ISlotKeeper
{
    /// <summary>Asks; what goes with the request is read from <paramref name="file"/>.</summary>
    /// <exception cref="IOException">The keeper cannot be reached.</exception>
    Task<SlotAnswer> AskAsync(SlotRequest request, Stream? file, CancellationToken cancellationToken);
}
