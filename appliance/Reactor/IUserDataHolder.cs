namespace VSan.Reactor;

/// <summary>An operation that must be able to name itself to the kernel, to be cancelled.</summary>
internal interface IUserDataHolder
{
    /// <summary>What the kernel carries for the submission under way.</summary>
    ulong UserData { get; set; }
}
