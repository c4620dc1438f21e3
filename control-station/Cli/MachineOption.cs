using System.CommandLine;

namespace VSan.Cli;

/// <summary>An option that means something on the person's own machine alone: a file there, a terminal. The console of the web OS is without it.</summary>
internal sealed class MachineOption<T>(string name, params string[] aliases) : Option<T>(name, aliases), IMachineOption;

/// <summary>Marks a <see cref="MachineOption{T}"/> whatever its value.</summary>
internal interface IMachineOption;
