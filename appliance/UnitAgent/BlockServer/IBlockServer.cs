using VSan.Contracts.BlockServer;

namespace VSan.UnitAgent.BlockServer;

/// <summary>The block server beside the agent, as the agent can ask it.</summary>
internal interface IBlockServer : IDisposable
{
    /// <summary>Asks and waits for the answer.</summary>
    /// <exception cref="IOException">It cannot be reached, hung up, was silent or spoke another language.</exception>
    Task<ControlAnswer> AskAsync(ControlRequest request, CancellationToken cancellationToken);

    /// <summary>Asks and waits for the answer, at most <paramref name="within"/>.</summary>
    /// <exception cref="IOException">As above.</exception>
    Task<ControlAnswer> AskAsync(ControlRequest request, TimeSpan within, CancellationToken cancellationToken);
}
