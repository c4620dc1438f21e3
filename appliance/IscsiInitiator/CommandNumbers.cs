namespace VSan.IscsiInitiator;

/// <summary>What the connections of one session share: CmdSN, the window and the task tags (RFC 7143, 4.2.2.1).</summary>
/// <remarks>Everything under <see cref="Gate"/>.</remarks>
internal sealed class CommandNumbers(uint maxCmdSN)
{
    private uint _maxCmdSN = maxCmdSN;
    private uint _nextTag = 1;
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Lock Gate { get; } = new();

    public uint CmdSN { get; private set; } = IscsiLogin.FirstCmdSN;

    public bool IsWindowOpen => (int)(_maxCmdSN - CmdSN) >= 0;

    /// <summary>Ends when there may be room, or no more need to wait.</summary>
    public Task Opened => _opened.Task;

    public uint TakeTag() => _nextTag++;

    public uint TakeCmdSN() => CmdSN++;

    public void Advance(uint maxCmdSN)
    {
        if ((int)(maxCmdSN - _maxCmdSN) <= 0) return;
        _maxCmdSN = maxCmdSN;
        WakeAll();
    }

    public void WakeAll()
    {
        TaskCompletionSource opened = _opened;
        _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        opened.TrySetResult();
    }
}
