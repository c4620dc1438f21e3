namespace VSan.Station.Rest;

/// <summary>The action of <see cref="Execution.Permissions"/> that an address needs; an address without one is closed.</summary>
/// <param name="action">For example <c>volume.create</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsAttribute(string action) : Attribute
{
    /// <summary>The action.</summary>
    public string Action { get; } = action;
}

/// <summary>Declares what an address needs.</summary>
internal static class EndpointNeeds
{
    /// <summary>Opens an address to callers who may do the action somewhere; the service asks where.</summary>
    public static IEndpointConventionBuilder Needs(this IEndpointConventionBuilder endpoint, string action) => endpoint.WithMetadata(new NeedsAttribute(action));
}
