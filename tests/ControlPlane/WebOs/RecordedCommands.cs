using VSan.WebOs.Apps.Console;

namespace VSan.Tests.ControlPlane.WebOs;

/// <summary>In the place of the process that runs commands: notes them, and says what the test wants.</summary>
internal sealed class RecordedCommands : ICommandConsole
{
    public List<(string[] Words, string Bearer)> Run { get; } = [];

    public CommandResult Result { get; set; } = new("", 0);

    public Task<CommandResult> RunAsync(IReadOnlyList<string> words, string bearer, CancellationToken cancellationToken)
    {
        Run.Add(([.. words], bearer));
        return Task.FromResult(Result);
    }
}
