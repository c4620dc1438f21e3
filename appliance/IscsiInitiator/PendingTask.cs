namespace VSan.IscsiInitiator;

/// <summary>A request that waits for its answer.</summary>
/// <param name="Read">Where Data-In goes.</param>
/// <param name="Write">What R2Ts fetch from.</param>
internal sealed record PendingTask(byte[] Read, ReadOnlyMemory<byte> Write)
{
    private readonly TaskCompletionSource<IscsiPdu> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<IscsiPdu> Answer => _answer.Task;

    public void Complete(IscsiPdu pdu) => _answer.TrySetResult(pdu);

    public void Fail(IOException error) => _answer.TrySetException(error);
}
