namespace VSan.Block;

/// <summary>Whoever submitted a <see cref="BlockRequest"/> and hears of its end.</summary>
public interface IBlockCompletion
{
    /// <summary>Called once for each submitted request, on the ring thread that submitted it, possibly from inside the submit itself.</summary>
    /// <param name="request">The request, its <see cref="BlockRequest.Status"/> set; the caller's again from now on.</param>
    void OnCompleted(BlockRequest request);
}
