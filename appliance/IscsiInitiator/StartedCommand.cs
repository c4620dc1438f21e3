namespace VSan.IscsiInitiator;

/// <summary>A command that is under way.</summary>
/// <param name="Tag">Its initiator task tag.</param>
/// <param name="Result">Its end; it never comes for a command that is aborted.</param>
internal sealed record StartedCommand(uint Tag, Task<ScsiResult> Result);
