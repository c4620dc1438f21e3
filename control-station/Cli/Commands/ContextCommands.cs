using System.CommandLine;

namespace VSan.Cli.Commands;

/// <summary><c>context</c>.</summary>
internal static class ContextCommands
{
    private static readonly Argument<string> Name = new("NAME") { Description = "Name of a saved context." };

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("context", "Contexts: the stations that 'vsan login' has saved.")
    {
        run.Command("list", "List the saved contexts; the star marks the one in use.", ListAsync),
        run.Command("use", """
            Use this context from now on.

            Example:
              vsan context use lab
            """, UseAsync, Name),
        run.Command("delete", "Forget a context here. Its session ends by itself; 'vsan logout' ends it at once.", DeleteAsync, Name),
    });

    private static Task ListAsync(Invocation invocation)
    {
        SavedContexts saved = Load(invocation);
        Column<SavedContext>[] columns =
        [
            new("", c => c.Name == saved.Current ? "*" : " "),
            new("NAME", c => c.Name),
            new("SERVER", c => c.Server.GetLeftPart(UriPartial.Authority)),
            new("USER", c => c.UserName),
            new("EXPIRES", c => Text.Of(c.ExpiresAt)),
        ];
        if (invocation.Output.IsName) foreach (SavedContext context in saved.Contexts) invocation.Output.Writer.WriteLine(context.Name);
        else OutputTable.Write(invocation.Output.Writer, columns, saved.Contexts);
        return Task.CompletedTask;
    }

    private static Task UseAsync(Invocation invocation)
    {
        SavedContexts saved = Load(invocation);
        SavedContext context = Find(saved, invocation.Get(Name));
        (saved with { Current = context.Name }).Save(invocation.Environment.ConfigurationPath);
        invocation.Output.WriteSentence($"Context {context.Name} ({context.Server.GetLeftPart(UriPartial.Authority)}) is in use.");
        return Task.CompletedTask;
    }

    private static Task DeleteAsync(Invocation invocation)
    {
        SavedContexts saved = Load(invocation);
        SavedContext context = Find(saved, invocation.Get(Name));
        saved.Without(context).Save(invocation.Environment.ConfigurationPath);
        invocation.Output.WriteSentence($"Context {context.Name} is forgotten.");
        return Task.CompletedTask;
    }

    private static SavedContexts Load(Invocation invocation) => SavedContexts.Load(invocation.Environment.ConfigurationPath);

    private static SavedContext Find(SavedContexts saved, string name) => saved.Find(name)
        ?? throw new CommandFailure(ExitCode.NotFound, $"There is no context named '{name}'.", "'vsan context list' shows them all.");
}
