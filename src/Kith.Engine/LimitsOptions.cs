using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Kith.Engine;

/// <summary>Upper bounds that an operator may want to move.</summary>
public sealed record LimitsOptions
{
    [Description("People in a group, its owner included.")]
    [Range(2, 1024)]
    public int GroupRecipients { get; init; } = 1024;
}
